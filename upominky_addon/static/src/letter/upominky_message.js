import {Component, useRef, useState} from "@odoo/owl";
import {useService} from "@web/core/utils/hooks";

// A message as it would be sent: whom it goes to, what it says, as a page and as plain text.
export class Message extends Component {
    setup() {
        this.orm = useService("orm");
        this.frame = useRef("frame");
        this.state = useState({shown: null, isText: false});
    }

    // A letter is as high as it is wide: it is shown whole.
    fit() {
        const page = this.frame.el?.contentDocument?.documentElement;
        if (page) {
            this.frame.el.style.height = "0";
            const borders = this.frame.el.offsetHeight;
            this.frame.el.style.height = `${page.scrollHeight + borders}px`;
        }
    }
}
