locals {
  # What a page needs in order to upload: the headers that are signed, and the ETag of each part.
  upload_rule = {
    id = "uploads"
    allowed = {
      methods = ["PUT", "GET", "HEAD"]
      origins = var.origins
      headers = ["content-disposition", "content-md5", "content-type", "if-none-match", "if-range", "range"]
    }
    expose_headers  = ["Accept-Ranges", "ETag", "Content-Length", "Content-Range", "Content-Disposition"]
    max_age_seconds = 3600
  }

  # Public media may be read by a script of any page, as they may be by anybody.
  read_rule = {
    id = "public-reads"
    allowed = {
      methods = ["GET", "HEAD"]
      origins = ["*"]
      headers = ["if-range", "range"]
    }
    expose_headers  = ["Accept-Ranges", "ETag", "Content-Length", "Content-Range", "Content-Disposition"]
    max_age_seconds = 3600
  }

  abort_rule = {
    id         = "abort-abandoned-uploads"
    enabled    = true
    conditions = { prefix = "" }
    abort_multipart_uploads_transition = {
      condition = { type = "Age", max_age = var.abort_uploads_after_days * 24 * 3600 }
    }
  }
}

resource "cloudflare_r2_bucket" "public" {
  account_id   = var.account_id
  name         = "${var.name}-media"
  location     = var.location
  jurisdiction = var.jurisdiction
}

resource "cloudflare_r2_bucket" "private" {
  account_id   = var.account_id
  name         = "${var.name}-private"
  location     = var.location
  jurisdiction = var.jurisdiction
}

resource "cloudflare_r2_bucket_cors" "public" {
  account_id   = var.account_id
  bucket_name  = cloudflare_r2_bucket.public.name
  jurisdiction = var.jurisdiction
  rules        = [local.upload_rule, local.read_rule]
}

resource "cloudflare_r2_bucket_cors" "private" {
  account_id   = var.account_id
  bucket_name  = cloudflare_r2_bucket.private.name
  jurisdiction = var.jurisdiction
  rules        = [local.upload_rule]
}

resource "cloudflare_r2_bucket_lifecycle" "public" {
  account_id   = var.account_id
  bucket_name  = cloudflare_r2_bucket.public.name
  jurisdiction = var.jurisdiction
  rules        = [local.abort_rule]
}

resource "cloudflare_r2_bucket_lifecycle" "private" {
  account_id   = var.account_id
  bucket_name  = cloudflare_r2_bucket.private.name
  jurisdiction = var.jurisdiction
  rules        = [local.abort_rule]
}

# The private bucket has no domain: nothing in it can be read without a signature.
resource "cloudflare_r2_custom_domain" "media" {
  account_id   = var.account_id
  bucket_name  = cloudflare_r2_bucket.public.name
  jurisdiction = var.jurisdiction
  zone_id      = var.zone_id
  domain       = var.media_domain
  enabled      = true
  # Left out, it would be 1.0.
  min_tls = var.min_tls
}
