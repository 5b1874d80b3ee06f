"""What a user pastes: the provider's block of a configuration, and the mirror's of a CLI configuration."""

from __future__ import annotations

from pathlib import Path

from provider_shim.cli.address import SourceAddress
from provider_shim.cli.mirror import ProviderPackage


def required_providers_block(package: ProviderPackage) -> str:
    """The lines of HCL with which a configuration asks for this provider."""
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
    """A CLI configuration: the address's host from the mirror, all others from registries."""
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
