"""Files from elsewhere, read and judged: plain functions that say what would change, or refuse a file as a whole."""
