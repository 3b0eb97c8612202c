package marketplace

import "net/url"

// IsAddress reports whether notifications or links can go to a URL: http or https
// with a host.
func IsAddress(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Host != "" && (u.Scheme == "http" || u.Scheme == "https")
}
