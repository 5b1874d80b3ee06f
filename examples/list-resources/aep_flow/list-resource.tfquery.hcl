list "aep_flow" "running" {
  provider = aep

  config {
    enabled = true
  }
}
