from tests.workflows.scene import Scene
import pytest, time

@pytest.mark.registry
def test_try(scene: Scene):
    scene.git("checkout", "-q", "-b", "words")
    scene.change("logged in", "has logged in")
    scene.change("logged in", "has logged in", "actions/notify-slack/cases.yaml")
    n, e = scene.opened("words", scene.commit("words"))
    t=time.time()
    run = scene.run("pull-request", e)
    print(time.time()-t)
    for j in run.jobs:
        print("=====", j.name, j.result, j.codes, j.outputs)
        print(j.log)
    print(scene.machine.github.state.checks_of(scene.git("rev-parse","words")))
    assert 0
