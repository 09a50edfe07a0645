// A real OpenID Connect provider on the loopback (oidc-provider), for tests of landbank's sign-in.
// `node server.mjs <port>` prints one JSON line with its address. What a test wants changed it posts to /_control:
// {"redirectUris": [...]} who may come back, {"rotate": true} new signing keys, {"tamper": "nonce"} forged tokens.
import { createServer } from "node:http";
import { Provider } from "oidc-provider";
import { SignJWT, decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, importJWK } from "jose";

const port = Number(process.argv[2]);
const issuer = `http://127.0.0.1:${port}`;
const state = { redirectUris: ["http://127.0.0.1/none"], tamper: null, keys: [], number: 0 };

/** A new signing key, named by its number. */
async function makeKey() {
  const { privateKey } = await generateKeyPair("RS256", { extractable: true });
  state.number += 1;
  return { ...(await exportJWK(privateKey)), kid: `key-${state.number}`, alg: "RS256", use: "sig" };
}

const FORGERIES = {
  nonce: (claims) => ({ ...claims, nonce: "another" }),
  audience: (claims) => ({ ...claims, aud: "another-program" }),
  issuer: (claims) => ({ ...claims, iss: "https://another.example.org" }),
  expired: (claims) => ({ ...claims, iat: claims.iat - 7200, exp: claims.iat - 3600 }),
  party: (claims) => ({ ...claims, aud: [claims.aud, "another-program"], azp: "another-program" }),
  nobody: ({ sub, ...claims }) => claims,
};

const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");

/** The token as the test wants it: other claims under the right key, another key, or no signature. */
async function forged(token) {
  const claims = decodeJwt(token);
  if (state.tamper === "none") return `${encode({ alg: "none", typ: "JWT" })}.${encode(claims)}.`;
  const jwk = state.tamper === "key" ? await makeKey() : state.keys[0];
  const header = state.tamper === "key" ? { alg: "RS256", kid: jwk.kid } : decodeProtectedHeader(token);
  const change = FORGERIES[state.tamper] ?? ((same) => same);
  return new SignJWT(change(claims)).setProtectedHeader(header).sign(await importJWK(jwk, "RS256"));
}

/** The provider with the keys and addresses of the moment. */
function makeProvider() {
  const provider = new Provider(issuer, {
    clients: [{ client_id: "landbank", client_secret: "a secret of the tests", redirect_uris: state.redirectUris }],
    jwks: { keys: state.keys },
    cookies: { keys: ["a key of the tests"] },
    pkce: { required: () => true },
    conformIdTokenClaims: false,
    claims: { openid: ["sub"], profile: ["name"], email: ["email"] },
    findAccount: (_context, id) => ({
      accountId: id,
      claims: () => ({ sub: id, name: `${id} of the provider`, email: "same@example.org" }),
    }),
  });
  provider.use(async (context, next) => {
    await next();
    if (state.tamper && context.body?.id_token) context.body.id_token = await forged(context.body.id_token);
  });
  return provider.callback();
}

/** Read what a test asks for, and begin anew with it. */
async function control(request, response) {
  let text = "";
  for await (const part of request) text += part;
  const asked = JSON.parse(text);
  if (asked.redirectUris) state.redirectUris = asked.redirectUris;
  if ("tamper" in asked) state.tamper = asked.tamper;
  if (asked.rotate) state.keys = [await makeKey()];
  handle = makeProvider();
  response.end("{}");
}

state.keys = [await makeKey()];
let handle = makeProvider();
createServer((request, response) =>
  request.url === "/_control" ? control(request, response) : handle(request, response),
).listen(port, "127.0.0.1", () => console.log(JSON.stringify({ issuer })));
