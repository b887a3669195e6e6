# Installs BUILD to a prefix below WORK, builds examples/constraint_plugin against it, and has the installed program
# judge a network by the plugin.
foreach(needed BUILD SOURCE WORK GENERATOR COMPILER)
  if(NOT ${needed})
    message(FATAL_ERROR "-D${needed}= is missing")
  endif()
endforeach()

# run(WHAT EXIT_CODES COMMAND...): its output is left in `output`.
function(run what codes)
  execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE output ERROR_VARIABLE errors RESULT_VARIABLE code)
  if(NOT code MATCHES "^(${codes})$")
    message(FATAL_ERROR "${what} failed (${code}):\n${output}${errors}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

set(prefix ${WORK}/prefix)
file(REMOVE_RECURSE ${prefix} ${WORK}/constraint_plugin ${WORK}/plugin)
run("installing" 0 ${CMAKE_COMMAND} --install ${BUILD} --prefix ${prefix})

file(COPY ${SOURCE}/examples/constraint_plugin DESTINATION ${WORK})
run("configuring" 0 ${CMAKE_COMMAND} -S ${WORK}/constraint_plugin -B ${WORK}/plugin -G ${GENERATOR}
    -DCMAKE_CXX_COMPILER=${COMPILER} -DCMAKE_PREFIX_PATH=${prefix} -DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF)
run("building" 0 ${CMAKE_COMMAND} --build ${WORK}/plugin)

foreach(file share/man/man1/gensynth.1 share/bash-completion/completions/gensynth share/zsh/vendor-completions/_gensynth
        share/fish/vendor_completions.d/gensynth.fish share/doc/gensynth/examples/demo.json)
  if(NOT EXISTS ${prefix}/${file})
    message(FATAL_ERROR "not installed: ${file}")
  endif()
endforeach()

run("asking for the version" 0 ${prefix}/bin/gensynth --version)
foreach(bound 1 10000)
  file(WRITE ${WORK}/constraints.json
       "[{\"constraint\": \"max_skip_length\", \"plugin\": \"${WORK}/plugin/max_skip_length.so\", \"bound\": ${bound}}]")
  run("judging" "0|1" ${prefix}/bin/gensynth check zoo:mobilenet-v2-1 --constraints ${WORK}/constraints.json --json)
  string(JSON measured GET "${output}" verdicts 0 measured)
  string(JSON satisfied GET "${output}" verdicts 0 satisfied)
  if(NOT measured GREATER 1)
    message(FATAL_ERROR "the plugin measured ${measured}, expected skips longer than one operator:\n${output}")
  endif()
  if((bound EQUAL 1 AND satisfied) OR (bound EQUAL 10000 AND NOT satisfied))
    message(FATAL_ERROR "bound ${bound}: satisfied is ${satisfied}:\n${output}")
  endif()
endforeach()
