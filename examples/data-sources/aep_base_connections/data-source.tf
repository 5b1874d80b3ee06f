# The accounts at Amazon S3 that exist in the sandbox.
data "aep_base_connections" "s3" {
  destination = "amazon_s3"
}

output "s3_accounts" {
  description = "Their names, by id."
  value       = { for each in data.aep_base_connections.s3.base_connections : each.id => each.name }
}
