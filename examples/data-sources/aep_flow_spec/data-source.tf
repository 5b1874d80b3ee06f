data "aep_flow_spec" "s3" {
  destination = "amazon_s3"
}

output "s3_flow_spec_id" {
  value = data.aep_flow_spec.s3.id
}
