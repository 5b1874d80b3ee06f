# The dataset of this name. That none or several have it is an error.
data "aep_dataset" "orders" {
  name = "Orders"
}

resource "aep_source_connection" "orders" {
  name     = "orders"
  datasets = [{ id = data.aep_dataset.orders.id, name = data.aep_dataset.orders.name }]

  lifecycle {
    create_before_destroy = true
  }
}
