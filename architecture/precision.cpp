#include "architecture/precision.hpp"

#include "architecture/base/error.hpp"

namespace gensynth {

const char* to_string(Precision precision) {
  switch (precision) {
    case Precision::float32:
      return "fp32";
    case Precision::float16:
      return "fp16";
    case Precision::int8:
      return "int8";
  }
  throw Error("precision of unknown kind", ErrorKind::internal);
}

std::vector<Precision> all_precisions() { return {Precision::float32, Precision::float16, Precision::int8}; }

std::vector<std::string> precision_names() {
  std::vector<std::string> names;
  for (const Precision precision : all_precisions()) names.emplace_back(to_string(precision));
  return names;
}

std::optional<Precision> find_precision(const std::string& name) {
  for (const Precision precision : all_precisions()) {
    if (name == to_string(precision)) return precision;
  }
  return std::nullopt;
}

Precision precision_from_string(const std::string& name) {
  if (const std::optional<Precision> found = find_precision(name)) return *found;
  throw Error("unknown precision '" + name + "'" + suggestion(name, precision_names()) +
              ", expected fp32, fp16 or int8");
}

}  // namespace gensynth
