// What our own scripts hang on Leaflet's name, and the private members of it that they read.
import * as leaflet from "leaflet";
import type { BaseTiles } from "../static/js/base-tiles.js";
import type { PlotTiles } from "../static/js/plot-tiles.js";

declare module "leaflet" {
  function decodeTile(buffer: ArrayBuffer): { layers: Record<string, unknown> };
  function plotTiles(url: string, options?: GridLayerOptions): PlotTiles;
  function baseTiles(url: string, options?: GridLayerOptions): BaseTiles;
  interface GridLayer {
    _tileZoom: number | undefined;
  }
  interface GridLayerOptions {
    zoomOffset?: number;
    interactive?: boolean;
  }
}
export {};
