variable "account_id" {
  description = "The Cloudflare account: 32 hexadecimal digits."
  type        = string
}

variable "zone_id" {
  description = "The zone that the media domain lies in: 32 hexadecimal digits."
  type        = string
}

variable "public_url" {
  description = "The origin that browsers reach this environment at."
  type        = string
}

variable "allowed_origins" {
  description = "Origins of frontends elsewhere that call it and upload."
  type        = list(string)
  default     = []
}

variable "media_domain" {
  description = "The host that public media are read from; the DNS record is made with it."
  type        = string
}

variable "location" {
  description = "Where the bytes should lie, as a hint: weur, eeur, wnam, enam, apac or oc."
  type        = string
  default     = null
}

variable "jurisdiction" {
  description = "Where the bytes must lie: default, eu or fedramp."
  type        = string
  default     = "default"
}
