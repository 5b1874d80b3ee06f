variable "name" {
  description = "The name of the export. Its parts carry it too."
  type        = string
}

variable "description" {
  description = "What the export is for."
  type        = string
  default     = null
}

variable "datasets" {
  description = "The datasets that are exported. All of them share the schedule."
  type        = set(object({ id = string, name = string }))
}

variable "credentials_version" {
  description = "A number of your own: when it is set, the secrets are sent again when it changes, and only then."
  type        = number
  default     = null
}

variable "file_type" {
  description = "The format of the files: PARQUET or JSON."
  type        = string
  default     = "PARQUET"
}

variable "compression" {
  description = "The compression of the files: GZIP, or NONE, which is possible for PARQUET only."
  type        = string
  default     = "GZIP"
}

variable "include_file_manifest" {
  description = "Whether each run also writes a list of its files."
  type        = bool
  default     = null
}

variable "schedule" {
  description = "When the export runs: `time_unit` \"hour\" with `interval` 1, 3, 6, 9 or 12, or \"day\" with 1. Everything once: `export_mode` \"DAILY_FULL_EXPORT\", \"day\" and 0. Times in RFC 3339. Without `end_time` Adobe chooses one."
  type = object({
    export_mode          = optional(string, "FIRST_FULL_THEN_INCREMENTAL")
    time_unit            = string
    interval             = number
    start_time           = string
    end_time             = optional(string)
    folder_name_template = optional(string)
  })
}

variable "enabled" {
  description = "Whether the export runs."
  type        = bool
  default     = true
}

variable "deletion_protection" {
  description = "Whether Terraform refuses to destroy or replace the flow."
  type        = bool
  default     = false
}
