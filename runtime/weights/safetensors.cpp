#include "runtime/weights/safetensors.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <nlohmann/json.hpp>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "architecture/base/json_reader.hpp"

namespace gensynth::weights {
namespace {

static_assert(std::endian::native == std::endian::little, "safetensors are little-endian");

constexpr std::uint64_t kLengthBytes = 8;
constexpr std::uint64_t kLongestHeader = 100'000'000;  // the format's own limit
constexpr std::int64_t kLargestExtent = std::int64_t{1} << 40;

/// One entry of the header, its bytes [begin, end) of the data part.
struct Entry {
  std::string name;
  std::vector<std::int64_t> shape;
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

std::int64_t integer(const nlohmann::json& value, const JsonReader& entry, const std::string& key) {
  const bool fits = value.is_number_unsigned() && value.get<std::uint64_t>() <= std::uint64_t{kLargestExtent};
  if (!fits) entry.fail(key, "found " + value.dump() + ", expected integers of 0 to 2^40");
  return value.get<std::int64_t>();
}

Entry read_entry(const std::string& name, JsonReader entry, std::uint64_t data_bytes) {
  Entry out{name, {}, 0, 0};
  const std::string dtype = entry.string("dtype");
  if (dtype != "F32") entry.fail("dtype", "found " + dtype + ", expected F32, the only type read");
  std::uint64_t bytes = sizeof(float);
  for (const auto& extent : entry.array("shape")) {
    out.shape.push_back(integer(extent, entry, "shape"));
    const auto factor = static_cast<std::uint64_t>(out.shape.back());
    if (factor != 0 && bytes > data_bytes / factor) {
      entry.fail("shape", "needs more than the " + std::to_string(data_bytes) + " bytes of the file's data");
    }
    bytes *= factor;
  }
  const auto& offsets = entry.array("data_offsets");
  if (offsets.size() != 2) entry.fail("data_offsets", "has " + std::to_string(offsets.size()) + " numbers, expected 2");
  out.begin = static_cast<std::uint64_t>(integer(offsets[0], entry, "data_offsets"));
  out.end = static_cast<std::uint64_t>(integer(offsets[1], entry, "data_offsets"));
  if (out.begin > out.end || out.end > data_bytes) {
    entry.fail("data_offsets", "found " + offsets.dump() + ", expected a range inside the " +
                                   std::to_string(data_bytes) + " bytes of data");
  }
  if (out.end - out.begin != bytes) {
    entry.fail("data_offsets", "spans " + std::to_string(out.end - out.begin) + " bytes, expected " +
                                   std::to_string(bytes) + " for the shape");
  }
  entry.finish();
  return out;
}

/// The arrays must fill the data without gap or overlap, as the format requires.
void check_coverage(std::vector<Entry> entries, std::uint64_t data_bytes, const std::string& path) {
  std::stable_sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
  });
  std::uint64_t position = 0;
  for (const auto& entry : entries) {
    if (entry.begin != position) {
      throw Error(path + ": array " + entry.name + " begins at byte " + std::to_string(entry.begin) +
                  " of the data, expected " + std::to_string(position) + " (no gap, no overlap)");
    }
    position = entry.end;
  }
  if (position != data_bytes) {
    throw Error(path + ": the arrays end at byte " + std::to_string(position) + " of the data, expected " +
                std::to_string(data_bytes));
  }
}

nlohmann::json read_header(const std::string& bytes, std::uint64_t& data_begin, const std::string& path) {
  if (bytes.size() < kLengthBytes) {
    throw Error(path + ": has " + std::to_string(bytes.size()) + " bytes, expected a safetensors file of 10 or more");
  }
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), kLengthBytes);
  const std::uint64_t room = std::min<std::uint64_t>(bytes.size() - kLengthBytes, kLongestHeader);
  if (length < 2 || length > room) {
    throw Error(path + ": the header's length is " + std::to_string(length) + ", expected 2 to " +
                std::to_string(room) + " (not a safetensors file, or cut off)");
  }
  data_begin = kLengthBytes + length;
  const std::string header = bytes.substr(kLengthBytes, length);
  if (header.front() != '{') throw Error(path + ": the header begins with a wrong character, expected '{'");
  nlohmann::json value = parse_json(header, path);
  if (!value.is_object()) throw Error(path + ": the header is no JSON object");
  return value;
}

void check_metadata(const nlohmann::json& header, const std::string& path) {
  const auto found = header.find("__metadata__");
  if (found == header.end()) return;
  const JsonReader reader(header, path);
  if (!found->is_object()) reader.fail("__metadata__", "expected an object of strings");
  for (const auto& [key, word] : found->items()) {
    if (!word.is_string()) reader.fail("__metadata__", "the value of " + key + " is no string");
  }
}

}  // namespace

void write_safetensors(const Weights& weights, const std::string& path,
                       const std::map<std::string, std::string>& metadata) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::uint64_t offset = 0;
  for (const auto& [name, array] : weights) {
    std::int64_t elements = 1;
    for (const auto extent : array.shape) elements *= extent;
    if (elements != static_cast<std::int64_t>(array.values.size())) {
      throw Error(path + ": array " + name + " has " + std::to_string(array.values.size()) + " values, expected " +
                  std::to_string(elements) + " for its shape");
    }
    if (name == "__metadata__") throw Error(path + ": __metadata__ cannot be the name of an array");
    const std::uint64_t bytes = array.values.size() * sizeof(float);
    header[name] = {{"dtype", "F32"}, {"shape", array.shape}, {"data_offsets", {offset, offset + bytes}}};
    offset += bytes;
  }
  std::string text;
  try {
    text = header.dump();
  } catch (const nlohmann::json::exception&) {
    throw Error(path + ": a name or the metadata are not UTF-8");
  }
  text.append((kLengthBytes - text.size() % kLengthBytes) % kLengthBytes, ' ');  // aligns the data
  const std::uint64_t length = text.size();
  std::string file(kLengthBytes, '\0');
  std::memcpy(file.data(), &length, kLengthBytes);
  file.reserve(kLengthBytes + length + offset);
  file += text;
  for (const auto& [name, array] : weights) {
    file.append(reinterpret_cast<const char*>(array.values.data()), array.values.size() * sizeof(float));
  }
  write_file_atomically(path, file);
}

std::map<std::string, std::string> read_metadata(const std::string& path) {
  const std::string bytes = read_file(path);
  std::uint64_t data_begin = 0;
  const nlohmann::json header = read_header(bytes, data_begin, path);
  check_metadata(header, path);
  const auto found = header.find("__metadata__");
  return found == header.end() ? std::map<std::string, std::string>{}
                               : found->get<std::map<std::string, std::string>>();
}

Weights read_safetensors(const std::string& path) {
  const std::string bytes = read_file(path);
  std::uint64_t data_begin = 0;
  const nlohmann::json header = read_header(bytes, data_begin, path);
  check_metadata(header, path);
  const std::uint64_t data_bytes = bytes.size() - data_begin;
  JsonReader reader(header, path);
  std::vector<Entry> entries;
  for (const auto& [name, value] : header.items()) {
    if (name != "__metadata__") entries.push_back(read_entry(name, reader.object(name), data_bytes));
  }
  check_coverage(entries, data_bytes, path);
  Weights weights;
  for (const auto& entry : entries) {
    std::vector<float> values((entry.end - entry.begin) / sizeof(float));
    if (!values.empty()) {
      std::memcpy(values.data(), bytes.data() + data_begin + entry.begin, values.size() * sizeof(float));
    }
    weights.emplace(entry.name, WeightArray{entry.shape, std::move(values)});
  }
  return weights;
}

}  // namespace gensynth::weights
