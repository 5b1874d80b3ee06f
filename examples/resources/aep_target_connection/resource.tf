resource "aep_target_connection" "orders" {
  name               = "orders in the bucket"
  base_connection_id = aep_base_connection.bucket.id
  file_type          = "PARQUET"
  compression        = "GZIP"

  amazon_s3 = {
    bucket_name = "acme-aep"
    path        = "exports/orders"
  }
}
