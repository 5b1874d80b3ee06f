resource "aep_source_connection" "orders" {
  name        = "orders"
  description = "Orders of the web shop"
  datasets    = [{ id = "5ef3e3259ad2a1191ab7dd7d", name = "Orders" }]

  lifecycle {
    create_before_destroy = true # changed datasets replace the source connection
  }
}
