#include "runtime/train/checkpoint.hpp"

#include <cstring>
#include <iterator>
#include <limits>

#include "architecture/base/error.hpp"
#include "architecture/base/file.hpp"
#include "architecture/base/json_reader.hpp"

namespace gensynth::train {
namespace {

constexpr std::string_view kMagic = "gstrain1";
constexpr std::size_t kWord = sizeof(std::uint64_t);

std::uint64_t checksum(std::string_view bytes) {  // FNV-1a over 8-byte words (Fowler, Noll, Vo), tail by bytes
  constexpr std::uint64_t kPrime = 0x100000001b3ULL;
  std::uint64_t hash = 0xcbf29ce484222325ULL;
  std::size_t i = 0;
  for (; i + kWord <= bytes.size(); i += kWord) {
    std::uint64_t word;
    std::memcpy(&word, bytes.data() + i, kWord);
    hash = (hash ^ word) * kPrime;
    hash ^= hash >> 32;
  }
  for (; i < bytes.size(); ++i) hash = (hash ^ static_cast<unsigned char>(bytes[i])) * kPrime;
  return hash;
}

void append_word(std::string& out, std::uint64_t word) {
  char bytes[kWord];
  std::memcpy(bytes, &word, kWord);
  out.append(bytes, kWord);
}

std::uint64_t word_at(std::string_view bytes, std::size_t place) {
  std::uint64_t word;
  std::memcpy(&word, bytes.data() + place, kWord);
  return word;
}

std::size_t values_of(const std::vector<std::int64_t>& shape, std::size_t limit, const std::string& path) {
  std::size_t count = 1;
  for (const std::int64_t extent : shape) {
    if (extent < 0 || (extent > 0 && count > limit / static_cast<std::size_t>(extent))) {
      throw Error(path + ": an array is larger than the file");
    }
    count *= static_cast<std::size_t>(extent);
  }
  return count;
}

}  // namespace

void write_checkpoint(const Checkpoint& checkpoint, const std::string& path) {
  nlohmann::json shapes = nlohmann::json::object();
  for (const auto& [name, array] : checkpoint.arrays) shapes[name] = array.shape;
  const std::string header = nlohmann::json{{"description", checkpoint.description}, {"arrays", shapes}}.dump();
  std::string out(kMagic);
  append_word(out, header.size());
  out += header;
  for (const auto& [name, array] : checkpoint.arrays) {
    out.append(reinterpret_cast<const char*>(array.values.data()), array.values.size() * sizeof(float));
  }
  append_word(out, checksum(out));
  write_file_atomically(path, out);
}

Checkpoint read_checkpoint(const std::string& path) {
  const std::string bytes = read_file(path);
  const std::size_t fixed = kMagic.size() + 2 * kWord;
  if (bytes.size() < fixed || std::string_view(bytes).substr(0, kMagic.size()) != kMagic) {
    throw Error(path + ": not a training checkpoint of this version");
  }
  const std::string_view body(bytes.data(), bytes.size() - kWord);
  if (word_at(bytes, body.size()) != checksum(body)) {
    throw Error(path + ": damaged training checkpoint (its checksum does not match); delete it to start anew");
  }
  const std::uint64_t length = word_at(body, kMagic.size());
  if (length > body.size() - kMagic.size() - kWord) throw Error(path + ": the description is longer than the file");
  std::size_t place = kMagic.size() + kWord;
  const nlohmann::json header = parse_json(bytes.substr(place, length), path);
  place += length;
  Checkpoint out;
  try {
    out.description = header.at("description");
    for (const auto& [name, shape] : header.at("arrays").items()) {
      WeightArray array;
      array.shape = shape.get<std::vector<std::int64_t>>();
      array.values.resize(values_of(array.shape, (body.size() - place) / sizeof(float), path));
      const std::size_t size = array.values.size() * sizeof(float);
      if (size > 0)
        std::memcpy(array.values.data(), bytes.data() + place, size);  // the address of an empty array is null
      place += size;
      out.arrays.emplace(name, std::move(array));
    }
  } catch (const nlohmann::json::exception& error) {
    throw Error(path + ": " + error.what());
  }
  if (place != body.size()) throw Error(path + ": the arrays do not fill the file");
  return out;
}

}  // namespace gensynth::train
