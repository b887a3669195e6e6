#pragma once

#include <string>
#include <vector>

#include "architecture/architecture.hpp"

namespace gensynth::timing {

/// The set of sizes at which the suite times a kind.
enum class KernelSizes { maps, columns, vectors, images };

/// Builds the body of a microbenchmark. Bodies repeat their kernel a few times, each reading the one before, so that no
/// runtime can merge equal ones. A kind of sizes `images` begins with a stem that reads an image of 3 channels and
/// halves its extent; the body follows the stem.
struct KernelPart {
  std::string kind;
  KernelSizes sizes;
  int least_px;
  int (*build)(ArchitectureBuilder& builder, int input);
};
const std::vector<KernelPart>& kernel_parts();

}  // namespace gensynth::timing
