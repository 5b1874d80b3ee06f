# All base connections to Amazon S3 in the sandbox.
data "aep_base_connections" "s3" {
  destination = "amazon_s3"
}

output "s3_base_connections" {
  description = "The names of the base connections, by id."
  value       = { for each in data.aep_base_connections.s3.base_connections : each.id => each.name }
}
