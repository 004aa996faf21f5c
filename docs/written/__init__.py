"""The reference pages, a module for each thing that they are about. Each page is text made from the code alone."""
