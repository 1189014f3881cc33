"""Text -> kernel IR: parsing, preprocessing and lowering. The only room that knows tree-sitter."""
