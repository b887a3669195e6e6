#include "tests/runtime/data/sample_pictures.hpp"

#include <stdexcept>

#ifdef GENSYNTH_HAS_PNG
#include <png.h>
#endif
#ifdef GENSYNTH_HAS_WEBP
#include <webp/encode.h>
#endif

namespace gensynth::data::test {

#ifdef GENSYNTH_HAS_PNG
Bytes plain_png(const PngKind& kind, int width, int height, std::uint8_t r, std::uint8_t g, std::uint8_t b) {
  Bytes out;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(
      png, &out,
      [](png_structp to, png_bytep data, png_size_t size) {
        auto* bytes = static_cast<Bytes*>(png_get_io_ptr(to));
        bytes->insert(bytes->end(), data, data + size);
      },
      nullptr);
  png_set_IHDR(png, info, static_cast<png_uint_32>(width), static_cast<png_uint_32>(height), kind.depth,
               kind.colour_type, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  const png_color colour{r, g, b};
  if (kind.colour_type == PNG_COLOR_TYPE_PALETTE) png_set_PLTE(png, info, &colour, 1);
  png_write_info(png, info);
  Bytes samples;
  if (kind.colour_type == PNG_COLOR_TYPE_PALETTE) {
    samples = {0};
  } else {
    samples = {r};
    if ((kind.colour_type & PNG_COLOR_MASK_COLOR) != 0) samples = {r, g, b};
    if ((kind.colour_type & PNG_COLOR_MASK_ALPHA) != 0) samples.push_back(128);
  }
  Bytes row;
  for (int x = 0; x < width; ++x) {
    for (const std::uint8_t sample : samples) row.insert(row.end(), kind.depth == 16 ? 2 : 1, sample);
  }
  for (int y = 0; y < height; ++y) png_write_row(png, row.data());
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return out;
}
#else
Bytes plain_png(const PngKind&, int, int, std::uint8_t, std::uint8_t, std::uint8_t) {
  throw std::logic_error("built without libpng");
}
#endif

#ifdef GENSYNTH_HAS_WEBP
Bytes plain_webp(int width, int height, std::uint8_t r, std::uint8_t g, std::uint8_t b) {
  Bytes rgb;
  for (int i = 0; i < width * height; ++i) rgb.insert(rgb.end(), {r, g, b});
  std::uint8_t* out = nullptr;
  const std::size_t size = WebPEncodeLosslessRGB(rgb.data(), width, height, 3 * width, &out);
  if (size == 0) throw std::runtime_error("WebP encoder failed");
  Bytes bytes(out, out + size);
  WebPFree(out);
  return bytes;
}
#else
Bytes plain_webp(int, int, std::uint8_t, std::uint8_t, std::uint8_t) {
  throw std::logic_error("built without libwebp");
}
#endif

Bytes with_orientation(const Bytes& jpeg, int orientation, char byte_order) {
  const bool little = byte_order == 'I';
  Bytes tiff = {static_cast<std::uint8_t>(byte_order), static_cast<std::uint8_t>(byte_order)};
  const auto put = [&](unsigned value, int bytes) {
    for (int i = 0; i < bytes; ++i) {
      tiff.push_back(static_cast<std::uint8_t>(value >> (8 * (little ? i : bytes - 1 - i))));
    }
  };
  put(42, 2);
  put(8, 4);  // place of the table
  put(2, 2);  // entries
  put(0x0100, 2), put(4, 2), put(1, 4), put(77, 4);
  put(0x0112, 2), put(3, 2), put(1, 4), put(static_cast<unsigned>(orientation), 2), put(0, 2);
  put(0, 4);
  Bytes segment = {'E', 'x', 'i', 'f', 0, 0};
  segment.insert(segment.end(), tiff.begin(), tiff.end());
  const std::size_t length = segment.size() + 2;
  Bytes result(jpeg.begin(), jpeg.begin() + 2);
  result.insert(result.end(), {0xFF, 0xE1, static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length)});
  result.insert(result.end(), segment.begin(), segment.end());
  result.insert(result.end(), jpeg.begin() + 2, jpeg.end());
  return result;
}

}  // namespace gensynth::data::test
