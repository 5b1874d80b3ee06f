resource "aep_flow" "orders" {
  name                 = "orders to S3"
  destination          = aep_target_connection.orders.destination
  source_connection_id = aep_source_connection.orders.id
  target_connection_id = aep_target_connection.orders.id

  schedule = {
    export_mode = "FIRST_FULL_THEN_INCREMENTAL"
    time_unit   = "hour"
    interval    = 3
    start_time  = "2040-01-01T00:00:00Z"
    end_time    = "2041-01-01T00:00:00Z"
  }
}
