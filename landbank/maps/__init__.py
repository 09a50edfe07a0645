"""The only room that knows Folium. Constants in, page fragments out; no text from data ever enters."""
