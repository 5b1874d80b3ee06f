list "aep_source_connection" "with_orders" {
  provider = aep

  config {
    dataset_id = "5ef3e3259ad2a1191ab7dd7d"
  }
}
