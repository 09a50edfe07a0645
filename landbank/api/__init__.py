"""FastAPI: parse, call, shape. Pages, OGC API, tiles, matching over HTTP."""
