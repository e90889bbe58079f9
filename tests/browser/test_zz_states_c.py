"""Desk states alone: axe, layout, screenshots."""
import re, pytest
from pathlib import Path
from tests.browser.desk_states import desk_scenes
from tests.browser.account_states import at_the_desk, recovering
from tests.browser.states import State
from tests.browser.album import Album
from tests.browser.examination import AXE, violations, LAYOUT
def test_all(browser, server, gallery, cast, photograph):
    states=[]
    for scene in (*desk_scenes(), at_the_desk, recovering):
        for name,page in scene(server.app, cast, photograph):
            assert page.status < 500, (scene.__name__, name)
            states.append(State(f"{scene.__name__}: {name}", page.status, page.text, tuple(page.headers.items())))
    out=Path("/tmp/shots/C"); out.mkdir(parents=True, exist_ok=True)
    album=Album(browser, server.url, gallery, states)
    bad={}
    for width,scheme in ((360,"dark"),(1280,"light"),(320,"light")):
        with album.opened(width, script=AXE, color_scheme=scheme) as show:
            for st in states:
                page=show(st)
                f=violations(page)
                if f: bad[(width,st.name)]=f
                if width!=320: page.screenshot(path=str(out/(re.sub(r"[^a-z0-9]+","-",st.name.lower())+f"-{width}.png")), full_page=True)
                l=page.evaluate(LAYOUT)
                if l["scrolls"] or l["wide"] or l["small"] or len(l["filled"])>1: bad[(width,st.name,"layout")]=l
    for k,v in bad.items(): print(k,v)
    assert not bad
