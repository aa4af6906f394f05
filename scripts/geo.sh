#!/bin/sh
# Makes internal/platform/geo/country.bin anew. Run it from the repository's root to take newer data: scripts/geo.sh [VERSION]
set -eu

version="${1:-2.3.2026061719}"
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT

(cd "$folder" && npm pack --silent "@ip-location-db/geo-whois-asn-country-mmdb@$version" >/dev/null && tar xzf ./*.tgz)
go run ./internal/platform/geo/pack "$folder/package/geo-whois-asn-country.mmdb" >"$folder/country.bin"
mv "$folder/country.bin" internal/platform/geo/country.bin
