output "flow_id" {
  description = "The id of the flow, for aep_flow_runs and for other stacks."
  value       = aep_flow.this.id
}

output "source_connection_id" {
  description = "The id of the source connection. It changes with the datasets."
  value       = aep_source_connection.this.id
}

output "base_connection_id" {
  description = "The id of the base connection, which further target connections can share."
  value       = aep_base_connection.this.id
}

output "target_connection_id" {
  description = "The id of the target connection."
  value       = aep_target_connection.this.id
}

output "sandbox_name" {
  description = "The sandbox of the export."
  value       = aep_flow.this.sandbox_name
}

output "destination" {
  description = "The destination's name, such as amazon_s3."
  value       = aep_target_connection.this.destination
}
