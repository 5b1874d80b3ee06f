list "aep_target_connection" "s3" {
  provider = aep

  config {
    destination = "amazon_s3"
    name_prefix = "orders"
  }
}
