"""A Terraform variable for a secret."""

from __future__ import annotations

from cdktf import TerraformVariable
from constructs import Construct

from constructs_lib.secrets.argument import SecretReference


class SecretVariable(TerraformVariable):
    """A Terraform variable for a secret: `ephemeral`, so that neither state nor plan files hold its value,
    and `sensitive`, so that no output shows it.

    Directly in a stack its Terraform name is its id, so `SecretVariable(stack, "s3_secret_key")` takes its
    value from the environment variable `TF_VAR_s3_secret_key`. Terraform asks for it at each plan and at
    each apply.
    """

    def __init__(self, scope: Construct, id_: str, *, description: str | None = None) -> None:
        """Declare the variable.

        Args:
            scope: The construct that this one is in, such as the stack.
            id_: The id of the construct in its scope.
            description: The description of the variable, which Terraform shows when it asks for the value.
        """
        super().__init__(scope, id_, type="string", sensitive=True, description=description)
        self.add_override("ephemeral", True)  # cdktf 0.21 has no argument for it
        self._reference = SecretReference(self.string_value)

    @property
    def value(self) -> str:
        """A reference to the variable, for a secret argument. It does not hold the variable's value."""
        return self._reference
