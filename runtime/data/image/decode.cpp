#include "runtime/data/image/decode.hpp"

#include <algorithm>
#include <array>
#include <cctype>

#include "architecture/base/error.hpp"
#include "runtime/data/image/jpeg.hpp"
#include "runtime/data/image/png.hpp"
#include "runtime/data/image/webp.hpp"

namespace gensynth::data::image {
namespace {

enum class Format { unknown, jpeg, png, webp, gif, bmp, tiff };

Format format_of(std::string_view head) {
  using namespace std::string_view_literals;
  if (head.starts_with("\xFF\xD8\xFF"sv)) return Format::jpeg;
  if (head.starts_with("\x89PNG\r\n\x1A\n"sv)) return Format::png;
  if (head.starts_with("RIFF"sv) && head.substr(std::min<std::size_t>(head.size(), 8)).starts_with("WEBP"sv)) {
    return Format::webp;
  }
  if (head.starts_with("GIF8"sv)) return Format::gif;
  if (head.starts_with("BM"sv)) return Format::bmp;
  if (head.starts_with("II*\0"sv) || head.starts_with("MM\0*"sv)) return Format::tiff;
  return Format::unknown;
}

std::string_view head_of(const std::vector<std::uint8_t>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), std::min(bytes.size(), kHeadBytes)};
}

}  // namespace

bool has_image_name(std::string_view name) {
  const auto dot = name.rfind('.');
  if (dot == std::string_view::npos) return false;
  std::string ending(name.substr(dot));
  std::transform(ending.begin(), ending.end(), ending.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  static constexpr std::array kEndings = {".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp",
                                          ".gif", ".bmp",  ".tif", ".tiff", ".ppm", ".jp2"};
  return std::find(kEndings.begin(), kEndings.end(), ending) != kEndings.end();
}

bool begins_like_image(std::string_view head) {
  const Format format = format_of(head);
  return format == Format::jpeg || format == Format::png || format == Format::webp;
}

std::string readable_formats() {
  if (reads_png() && reads_webp()) return "JPEG, PNG or WebP";
  if (reads_png()) return "JPEG or PNG";
  return reads_webp() ? "JPEG or WebP" : "JPEG";
}

Image decode(const std::vector<std::uint8_t>& bytes, const std::string& where) {
  const auto refuse = [&](const std::string& what) -> Image {
    throw Error(where + ": not a " + readable_formats() + " image: " + what);
  };
  if (bytes.empty()) return refuse("it is empty");
  switch (format_of(head_of(bytes))) {
    case Format::jpeg:
      return decode_jpeg(bytes, where);
    case Format::png:
      return decode_png(bytes, where);
    case Format::webp:
      return decode_webp(bytes, where);
    case Format::gif:
      return refuse("it is a GIF; convert it");
    case Format::bmp:
      return refuse("it is a BMP; convert it");
    case Format::tiff:
      return refuse("it is a TIFF; convert it");
    case Format::unknown:
      break;
  }
  return refuse("it does not start like one");
}

}  // namespace gensynth::data::image
