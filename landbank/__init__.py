"""landbank: an inventory of planned commercial land that matches company needs to available plots."""
