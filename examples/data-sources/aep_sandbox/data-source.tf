# The sandbox of the provider's configuration.
data "aep_sandbox" "current" {}

output "sandbox" {
  description = "What the sandbox is for."
  value       = "${data.aep_sandbox.current.title} (${data.aep_sandbox.current.type})"
}
