variable "account_id" {
  description = "The Cloudflare account."
  type        = string
}

variable "zone_id" {
  description = "The zone that the media domain lies in."
  type        = string
}

variable "name" {
  description = "What everything is called by, such as studio or studio-preview."
  type        = string
}

variable "public_url" {
  description = "The origin that browsers reach the server at (FERMATA_PUBLIC_URL)."
  type        = string
}

variable "allowed_origins" {
  description = "Origins of frontends elsewhere (FERMATA_ALLOWED_ORIGINS)."
  type        = list(string)
  default     = []
}

variable "media_domain" {
  description = "The host that public media are read from."
  type        = string
}

variable "location" {
  description = "Where the bytes should lie, as a hint."
  type        = string
  default     = null
}

variable "jurisdiction" {
  description = "Where the bytes must lie: default, eu or fedramp."
  type        = string
  default     = "default"
}
