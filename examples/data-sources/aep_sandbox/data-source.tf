# The sandbox of the provider's configuration.
data "aep_sandbox" "current" {}

output "sandbox" {
  description = "The title and the type of the sandbox."
  value       = "${data.aep_sandbox.current.title} (${data.aep_sandbox.current.type})"
}
