#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "architecture/architecture.hpp"

namespace gensynth {

/// The "gensynth.architecture" format, version 1 (docs/architecture.schema.json). Attributes at their default are
/// left out, except those that define the operator (kind, mode, taps, heads, begin, groups of a shuffle). Equal
/// architectures give equal text.
nlohmann::ordered_json to_json(const Architecture& architecture);
/// Pretty text with one vertex per line.
/// `genotype`: the choices of the search space that built it; written if there are any, so that another search can
/// begin at exactly this network. Readers check only its form.
std::string to_text(const Architecture& architecture, const std::vector<int>& genotype = {});

/// Vertices may come in any order. Throws Error naming source, JSON pointer, vertex, value and what was expected;
/// unknown keys and operators are errors with the nearest suggestion; a cycle is named by its vertices.
Architecture architecture_from_json(const nlohmann::json& value, const std::string& source,
                                    const std::string& pointer = "");
Architecture read_architecture(const std::string& path);
void write_architecture(const Architecture& architecture, const std::string& path,
                        const std::vector<int>& genotype = {});

/// Attributes of one operator as JSON members ("kernel": 3, "stride": [2, 1], ...), for spaces and logs.
nlohmann::ordered_json attributes_to_json(const Operator& op);

}  // namespace gensynth
