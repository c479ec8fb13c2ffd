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
    t=time.time()
    run = scene.run("deploy", scene.merged(n))
    print(time.time()-t)
    t=time.time()
    for j in run.jobs:
        print("=====", j.name, j.result, j.codes, j.outputs)
        for x in j.steps: print(x.name, x.outputs)
        print(j.log)
    run = scene.run("drift", scene.at_the_hour())
    print(time.time()-t)
    for j in run.jobs:
        print("=====", j.name, j.result, j.codes, j.outputs)
        for x in j.steps: print(x.name, x.outputs)
        print(j.log)
    for j in scene.machine.github.state.requests: print(j.method,j.path,j.status)
    print(scene.machine.github.state.comments)
    print(scene.machine.github.state.deployments)
    assert 0
