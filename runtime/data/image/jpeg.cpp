#include "runtime/data/image/jpeg.hpp"

#include <turbojpeg.h>

#include <memory>
#include <string_view>

#include "architecture/base/error.hpp"
#include "runtime/data/image/exif.hpp"
#include "runtime/data/image/size_limit.hpp"

namespace gensynth::data::image {
namespace {

std::string what_else(const std::vector<std::uint8_t>& bytes) {
  const std::string_view start(reinterpret_cast<const char*>(bytes.data()), std::min<std::size_t>(bytes.size(), 12));
  if (start.empty()) return "it is empty";
  if (start.starts_with("\x89PNG")) return "it is a PNG";
  if (start.starts_with("GIF8")) return "it is a GIF";
  if (start.starts_with("RIFF")) return "it is a WebP";
  if (start.starts_with("BM")) return "it is a BMP";
  return "it does not start like one";
}

/// Halves the size at which a large image is decoded, as the format allows, to save memory. It is scaled down to 1,024
/// pixels or fewer afterwards in any case.
void shrink_if_large(Image& image) {
  constexpr std::int64_t kLarge = 16'000'000;
  constexpr tjscalingfactor kHalf{1, 2};
  if (static_cast<std::int64_t>(image.width) * image.height <= kLarge) return;
  image.width = TJSCALED(image.width, kHalf);
  image.height = TJSCALED(image.height, kHalf);
}

}  // namespace

Image decode_jpeg(const std::vector<std::uint8_t>& bytes, const std::string& where) {
  if (bytes.size() < 3 || bytes[0] != 0xff || bytes[1] != 0xd8) {
    throw Error(where + ": not a JPEG (" + what_else(bytes) + "), expected JPEG");
  }
  const std::unique_ptr<void, int (*)(tjhandle)> decoder(tjInitDecompress(), tjDestroy);
  if (!decoder) throw Error(where + ": the JPEG decoder cannot start: " + tjGetErrorStr2(nullptr));
  const auto fail = [&] { throw Error(where + ": JPEG cannot be decoded: " + tjGetErrorStr2(decoder.get())); };

  Image image;
  int subsampling = 0;
  int space = 0;
  if (tjDecompressHeader3(decoder.get(), bytes.data(), bytes.size(), &image.width, &image.height, &subsampling,
                          &space) != 0) {
    fail();
  }
  const auto lock = admit(image.width, image.height, where);
  shrink_if_large(image);
  const bool cmyk = space == TJCS_CMYK || space == TJCS_YCCK;
  const auto pixels = static_cast<std::size_t>(image.width) * static_cast<std::size_t>(image.height);
  std::vector<std::uint8_t> decoded(pixels * (cmyk ? 4 : 3));
  if (tjDecompress2(decoder.get(), bytes.data(), bytes.size(), decoded.data(), image.width, 0, image.height,
                    cmyk ? TJPF_CMYK : TJPF_RGB, TJFLAG_ACCURATEDCT) != 0) {
    // Some cameras write stray bytes between markers, which are harmless; every other warning is an error.
    const std::string_view message = tjGetErrorStr2(decoder.get());
    const bool harmless = tjGetErrorCode(decoder.get()) == TJERR_WARNING &&
                          message.find("extraneous bytes before marker") != std::string_view::npos;
    if (!harmless) fail();
  }
  if (!cmyk) {
    image.rgb = std::move(decoded);
    return upright(std::move(image), exif_orientation(bytes));
  }
  image.rgb.resize(pixels * 3);
  for (std::size_t i = 0; i < pixels; ++i) {  // inverted: nearly all programs write CMYK so
    const unsigned black = decoded[i * 4 + 3];
    for (std::size_t c = 0; c < 3; ++c)
      image.rgb[i * 3 + c] = static_cast<std::uint8_t>(decoded[i * 4 + c] * black / 255);
  }
  return upright(std::move(image), exif_orientation(bytes));
}

}  // namespace gensynth::data::image
