"""HCL blocks for the user's configuration and CLI configuration."""

from __future__ import annotations

from pathlib import Path

from provider_shim.cli.address import SourceAddress
from provider_shim.cli.mirror import ProviderPackage


def required_providers_block(package: ProviderPackage) -> str:
    """Make the `required_providers` block for this provider."""
    return f"""\
terraform {{
  required_providers {{
    {package.address.type} = {{
      source  = "{package.address}"
      version = "{package.version}"
    }}
  }}
}}
"""


def provider_installation_block(mirror: Path, address: SourceAddress) -> str:
    """Make a CLI configuration that uses the mirror for the host of the address, and registries for
    others."""
    served = f"{address.host}/*/*"
    return f"""\
provider_installation {{
  filesystem_mirror {{
    path    = {_quoted(str(mirror))}
    include = ["{served}"]
  }}
  direct {{
    exclude = ["{served}"]
  }}
}}
"""


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
