"""What each platform takes: limits, formatters, the finished deliverable and its previews."""
