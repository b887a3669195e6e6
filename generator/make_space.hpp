#pragma once

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "generator/space/search_space.hpp"

namespace gensynth::generator {

/// A job's "space", parsed and checked: {"kind": "columnar", ...}, {"kind": "nasbench201", ...} or
/// {"kind": "file", "path": ...} (or "space": the content of such a file). Immutable; copies share their content.
class SpaceSpec {
 public:
  SpaceSpec();  ///< the columnar space with its defaults

  struct Content;
  explicit SpaceSpec(std::shared_ptr<const Content> content) : content_(std::move(content)) {}
  const Content& content() const { return *content_; }

 private:
  std::shared_ptr<const Content> content_;
};

/// Throws Error with source and pointer. The path of a file is relative to the folder of `source`, where that is a
/// file.
SpaceSpec space_spec_from_json(const nlohmann::json& value, const std::string& source, const std::string& pointer);
/// With all defaults made visible, and the content of a file in place of its path.
nlohmann::ordered_json to_json(const SpaceSpec& spec);
const std::vector<std::string>& space_kinds();

std::unique_ptr<space::SearchSpace> make_space(const SpaceSpec& spec);
std::unique_ptr<space::SearchSpace> make_space(const nlohmann::json& value, const std::string& source,
                                               const std::string& pointer);

}  // namespace gensynth::generator
