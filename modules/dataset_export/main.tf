# A whole export. The base connection and the target connection are in connections.tf.

resource "aep_source_connection" "this" {
  name        = var.name
  description = var.description
  datasets    = var.datasets

  # Other datasets are another source connection. The new one is made first and the flow pointed to it.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aep_flow" "this" {
  name                 = var.name
  description          = var.description
  destination          = aep_target_connection.this.destination
  source_connection_id = aep_source_connection.this.id
  target_connection_id = aep_target_connection.this.id
  schedule             = var.schedule
  enabled              = var.enabled
  deletion_protection  = var.deletion_protection
}
