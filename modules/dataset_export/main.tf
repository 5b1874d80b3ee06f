# A whole export: what, into which account, where and how, when.

resource "aep_source_connection" "this" {
  name        = var.name
  description = var.description
  datasets    = var.datasets

  # Other datasets are another source connection. The new one is made first and the flow pointed to it.
  lifecycle {
    create_before_destroy = true
  }
}

resource "aep_base_connection" "this" {
  name                = var.name
  description         = var.description
  credentials_version = var.credentials_version

  amazon_s3 = var.destination.amazon_s3 == null ? null : {
    s3_access_key = var.credentials.s3_access_key
    s3_secret_key = var.credentials.s3_secret_key
    s3_role       = var.credentials.s3_role
  }
  azure_blob = var.destination.azure_blob == null ? null : {
    connection_string = var.credentials.connection_string
  }
  adls_gen2 = var.destination.adls_gen2 == null ? null : {
    url                   = var.destination.adls_gen2.url
    tenant                = var.destination.adls_gen2.tenant
    service_principal_id  = var.destination.adls_gen2.service_principal_id
    service_principal_key = var.credentials.service_principal_key
  }
  data_landing_zone = var.destination.data_landing_zone == null ? null : {}
  google_cloud_storage = var.destination.google_cloud_storage == null ? null : {
    access_key_id     = var.destination.google_cloud_storage.access_key_id
    secret_access_key = var.credentials.secret_access_key
  }
  sftp = var.destination.sftp == null ? null : {
    domain   = var.destination.sftp.domain
    username = var.destination.sftp.username
    port     = var.destination.sftp.port
    password = var.credentials.password
    ssh_key  = var.credentials.ssh_key
  }
}

resource "aep_target_connection" "this" {
  name                  = var.name
  description           = var.description
  base_connection_id    = aep_base_connection.this.id
  file_type             = var.file_type
  compression           = var.compression
  include_file_manifest = var.include_file_manifest

  amazon_s3  = var.destination.amazon_s3
  azure_blob = var.destination.azure_blob
  adls_gen2 = var.destination.adls_gen2 == null ? null : {
    path = var.destination.adls_gen2.path
  }
  data_landing_zone = var.destination.data_landing_zone
  google_cloud_storage = var.destination.google_cloud_storage == null ? null : {
    bucket_name = var.destination.google_cloud_storage.bucket_name
    path        = var.destination.google_cloud_storage.path
  }
  sftp = var.destination.sftp == null ? null : {
    remote_path = var.destination.sftp.remote_path
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
