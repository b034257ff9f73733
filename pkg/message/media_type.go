package message

import (
	"path"
	"strings"
)

// octetStream is sent as it is and opened by its file name.
const octetStream = "application/octet-stream"

// typeOf knows a media type (IANA registry) by extension. The tables of the host are not
// asked: the same file is to give the same message everywhere. A message (.eml) is absent
// on purpose: message/rfc822 may not be encoded (RFC 2046 5.2.1), and 8-bit lines or long
// lines within it would not survive. Text has no charset here, since we do not know it.
func typeOf(name string) string {
	if t, ok := mediaTypes()[strings.ToLower(path.Ext(name))]; ok {
		return t
	}
	return octetStream
}

func mediaTypes() map[string]string {
	const office = "application/vnd.openxmlformats-officedocument."
	const open = "application/vnd.oasis.opendocument."
	return map[string]string{
		".7z":    "application/x-7z-compressed",
		".avif":  "image/avif",
		".bmp":   "image/bmp",
		".bz2":   "application/x-bzip2",
		".csv":   "text/csv",
		".doc":   "application/msword",
		".docx":  office + "wordprocessingml.document",
		".gif":   "image/gif",
		".gz":    "application/gzip",
		".heic":  "image/heic",
		".htm":   "text/html",
		".html":  "text/html",
		".ics":   "text/calendar",
		".jpeg":  "image/jpeg",
		".jpg":   "image/jpeg",
		".json":  "application/json",
		".log":   "text/plain",
		".md":    "text/markdown",
		".mov":   "video/quicktime",
		".mp3":   "audio/mpeg",
		".mp4":   "video/mp4",
		".odp":   open + "presentation",
		".ods":   open + "spreadsheet",
		".odt":   open + "text",
		".ogg":   "audio/ogg",
		".patch": "text/x-diff",
		".pdf":   "application/pdf",
		".png":   "image/png",
		".ppt":   "application/vnd.ms-powerpoint",
		".pptx":  office + "presentationml.presentation",
		".rtf":   "application/rtf",
		".svg":   "image/svg+xml",
		".tar":   "application/x-tar",
		".tgz":   "application/gzip",
		".tif":   "image/tiff",
		".tiff":  "image/tiff",
		".txt":   "text/plain",
		".vcf":   "text/vcard",
		".wav":   "audio/wav",
		".webm":  "video/webm",
		".webp":  "image/webp",
		".xls":   "application/vnd.ms-excel",
		".xlsx":  office + "spreadsheetml.sheet",
		".xml":   "application/xml",
		".xz":    "application/x-xz",
		".yaml":  "application/yaml",
		".yml":   "application/yaml",
		".zip":   "application/zip",
		".zst":   "application/zstd",
	}
}

// isMediaType takes type/subtype of RFC 2045 5.1, but neither of the two types whose content
// is a structure and may not be encoded in base64 (RFC 2045 6.4).
func isMediaType(s string) bool {
	kind, subtype, ok := strings.Cut(strings.ToLower(s), "/")
	return ok && len(s) <= 127 && kind != "message" && kind != "multipart" && isToken(kind) && isToken(subtype)
}

func isToken(s string) bool {
	return s != "" && !strings.ContainsFunc(s, func(r rune) bool {
		return !isAlphanumeric(r) && !strings.ContainsRune("!#$&-^_.+", r)
	})
}
