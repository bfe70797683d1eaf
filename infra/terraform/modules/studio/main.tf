# What one environment of the server needs at Cloudflare.

module "media_buckets" {
  source = "../media-buckets"

  account_id   = var.account_id
  name         = var.name
  location     = var.location
  jurisdiction = var.jurisdiction
  origins      = distinct(concat([var.public_url], var.allowed_origins))
  zone_id      = var.zone_id
  media_domain = var.media_domain
}

module "turn_key" {
  source = "../turn-key"

  account_id = var.account_id
  name       = var.name
}
