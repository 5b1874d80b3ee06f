"""What the tests of the constructs share."""

from __future__ import annotations

import os

# jsii starts Node, and looks at this, when `cdktf` is imported. It lists major versions.
os.environ.setdefault("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "18,20")
