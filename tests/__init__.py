"""The whole test suite; its folders mirror the packages."""
