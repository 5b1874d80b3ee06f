list "aep_base_connection" "s3" {
  provider = aep

  config {
    destination = "amazon_s3"
  }
}
