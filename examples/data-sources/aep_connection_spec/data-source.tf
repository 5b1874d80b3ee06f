data "aep_connection_spec" "s3" {
  destination = "amazon_s3"
}

output "s3_authentication_methods" {
  value = data.aep_connection_spec.s3.authentication_methods
}
