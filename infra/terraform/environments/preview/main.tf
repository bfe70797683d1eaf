terraform {
  required_version = ">= 1.9"

  required_providers {
    cloudflare = {
      source  = "cloudflare/cloudflare"
      version = "~> 5.22"
    }
  }
}

# Reads CLOUDFLARE_API_TOKEN.
provider "cloudflare" {}

module "studio" {
  source = "../../modules/studio"

  name            = "studio-preview"
  account_id      = var.account_id
  zone_id         = var.zone_id
  public_url      = var.public_url
  allowed_origins = var.allowed_origins
  media_domain    = var.media_domain
  location        = var.location
  jurisdiction    = var.jurisdiction
}

output "env" {
  description = "terraform output -raw env > .env.preview"
  value       = module.studio.env
  sensitive   = true
}
